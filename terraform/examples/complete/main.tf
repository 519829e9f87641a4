# All of it: a network for the jobs, the job queue, and the functions that start by events and by the clock. Build first:
# ./mvnw -B -ntp package -DskipTests

variable "region" {
  description = "The region that all of it is in."
  type        = string
  default     = "eu-central-1"
}

variable "bucket" {
  description = "The name of the bucket that holds the artifacts; unique in all of AWS."
  type        = string
}

variable "registry" {
  description = "The ECR registry of the images, without a slash at its end."
  type        = string
}

variable "tag" {
  description = "The images' tag."
  type        = string
  default     = "0.1.0"
}

variable "email" {
  description = "Who is told of verdicts, alarms and costs."
  type        = string
}

provider "aws" {
  region = var.region
}

data "aws_availability_zones" "here" {
  state = "available"
}

resource "aws_vpc" "jobs" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_internet_gateway" "jobs" {
  vpc_id = aws_vpc.jobs.id
}

resource "aws_route_table" "jobs" {
  vpc_id = aws_vpc.jobs.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.jobs.id
  }
}

resource "aws_subnet" "jobs" {
  for_each = { for index in range(2) : tostring(index) => data.aws_availability_zones.here.names[index] }

  vpc_id                  = aws_vpc.jobs.id
  availability_zone       = each.value
  cidr_block              = cidrsubnet(aws_vpc.jobs.cidr_block, 8, tonumber(each.key))
  map_public_ip_on_launch = true # the security group lets nobody in; a NAT gateway costs more than it keeps out here
}

resource "aws_route_table_association" "jobs" {
  for_each = aws_subnet.jobs

  subnet_id      = each.value.id
  route_table_id = aws_route_table.jobs.id
}

# photographs and checkpoints stay within AWS
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.jobs.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.jobs.id]
}

module "sclera" {
  source = "../.."

  region    = var.region
  bucket    = var.bucket
  vpc_id    = aws_vpc.jobs.id
  subnets   = values(aws_subnet.jobs)[*].id
  job_image = "${var.registry}/sclera-job:${var.tag}-cuda"
  email     = var.email
  budget    = 200

  functions = {
    for name in ["grade", "craft", "perturb", "evaluate", "report", "campaign", "campaign-start", "campaign-status", "finetune", "finetune-status", "uploaded", "campaign-step", "campaign-advance", "campaign-given-up", "finetune-ended", "finetune-watch"] :
    # functions/lambda/report is smaller and starts sooner, but evaluates nothing that is to be reported
    name => { zip = "${path.module}/../../../functions/lambda/models/target/function.zip" }
  }

  campaign_request = {
    dataset = "clinic"
    attacks = ["pgd", "ordinal", "random"]
    epsilon = "8/255"
    repair  = false # fine-tuning goes on from one call to the next, but a GPU is faster: --dispatch batch
  }

  report_datasets = ["clinic-test"]
}

output "environment" {
  description = "What ./sclera on any machine needs to use this store, as a shell reads it."
  value       = module.sclera.environment
}

output "function_urls" {
  description = "The functions' URLs, by name."
  value       = module.sclera.function_urls
}
