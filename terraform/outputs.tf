output "environment" {
  description = "What ./sclera on any machine needs to use this store and to have jobs run here, as a shell reads it."
  value       = <<-EOT
    export SCLERA_STORE_BUCKET=${module.storage.bucket}
    export SCLERA_STORE_REGION=${var.region}
    export SCLERA_FINETUNE_BATCH_QUEUE=${module.jobs.queue.name}
    export SCLERA_FINETUNE_BATCH_DEFINITION=${module.jobs.definition}
    export SCLERA_FINETUNE_BATCH_REGION=${var.region}
  EOT
}

output "bucket" {
  description = "The bucket that is the store."
  value       = module.storage.bucket
}

output "function_urls" {
  description = "The functions' URLs, by name; requests are signed (SigV4, service lambda)."
  value       = module.functions.urls
}

output "topic_arn" {
  description = "The topic that verdicts, alarms and costs are published on."
  value       = module.events.topic_arn
}

output "dead_letter_queue_url" {
  description = "The queue of events that no function could deal with."
  value       = module.functions.dead_letter_queue.url
}

output "dashboard" {
  description = "The dashboard's name in CloudWatch."
  value       = module.observability.dashboard
}

output "redrive_environment" {
  description = "What ./sclera redrive needs beside the output environment, as a shell reads it."
  value       = <<-EOT
    export SCLERA_EVENTS_BUS=eventbridge
    export SCLERA_EVENTS_EVENTBRIDGE_REGION=${var.region}
    export SCLERA_EVENTS_DEAD_LETTER_QUEUE=${module.functions.dead_letter_queue.url}
  EOT
}
